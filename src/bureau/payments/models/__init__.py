"""资金发放的数据: funds kept by double entry, awards, batches, bank accounts, service terms and audit findings."""

from bureau.payments.models.audits import Finding
from bureau.payments.models.awards import Award, AwardEvent, AwardRound, Objection
from bureau.payments.models.batches import BankTemplate, Batch, BatchEvent, Line, PaymentFile
from bureau.payments.models.funds import Account, ClosedYear, Fund, Movement
from bureau.payments.models.jobs import Job
from bureau.payments.models.people import BankAccount, Repayment, ServiceTerm
from bureau.payments.models.settings import PaymentSetting

__all__ = [
    "Account",
    "Award",
    "AwardEvent",
    "AwardRound",
    "BankAccount",
    "BankTemplate",
    "Batch",
    "BatchEvent",
    "ClosedYear",
    "Finding",
    "Fund",
    "Job",
    "Line",
    "Movement",
    "Objection",
    "PaymentFile",
    "PaymentSetting",
    "Repayment",
    "ServiceTerm",
]
