"""资金发放的数据: funds kept by double entry, awards, batches, bank accounts, service terms and audit findings."""

from bureau.payments.models.audits import Finding, FindingEvent
from bureau.payments.models.awards import Award, AwardEvent, AwardRound, AwardSetting, Objection
from bureau.payments.models.batches import BankTemplate, Batch, BatchEvent, Line, PaymentFile
from bureau.payments.models.funds import Account, ClosedYear, Fund, Movement
from bureau.payments.models.people import BankAccount, Repayment, ServiceTerm

__all__ = [
    "Account",
    "Award",
    "AwardEvent",
    "AwardRound",
    "AwardSetting",
    "BankAccount",
    "BankTemplate",
    "Batch",
    "BatchEvent",
    "ClosedYear",
    "Finding",
    "FindingEvent",
    "Fund",
    "Line",
    "Movement",
    "Objection",
    "PaymentFile",
    "Repayment",
    "ServiceTerm",
]
