"""The tables of this room."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import bureau.log.tables


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0001_tables"),
    ]

    operations = [
        bureau.log.tables.CreateTables(
            tables=[
                migrations.CreateModel(
                    name="Finding",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6)),
                        ("kind", models.CharField(max_length=20, verbose_name="种类")),
                        ("fingerprint", models.CharField(max_length=64)),
                        ("title", models.CharField(max_length=300, verbose_name="线索")),
                        ("person_kind", models.CharField(max_length=10)),
                        ("person_key", models.CharField(max_length=80)),
                        ("person_name", models.CharField(max_length=60, verbose_name="姓名")),
                        ("school_code", models.CharField(blank=True, max_length=10)),
                        ("school_name", models.CharField(blank=True, max_length=120, verbose_name="学校")),
                        ("fen", models.BigIntegerField(default=0, verbose_name="涉及金额（分）")),
                        ("evidence", models.JSONField(default=list)),
                        ("state", models.CharField(default="open", max_length=10, verbose_name="数据")),
                        ("first_seen", models.DateField(verbose_name="首次发现")),
                        ("last_seen", models.DateField(verbose_name="最近发现")),
                        ("changed_at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["-fen", "id"],
                        "indexes": [
                            models.Index(fields=["county_code", "state", "kind"], name="finding_by_state")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("county_code", "fingerprint"), name="one_finding_of_a_kind"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Fund",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6)),
                        ("name", models.CharField(max_length=60, verbose_name="名称")),
                        ("basis", models.CharField(blank=True, max_length=300, verbose_name="依据")),
                        ("begun_on", models.DateField(verbose_name="建账日期")),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["county_code", "id"],
                        "constraints": [
                            models.UniqueConstraint(fields=("county_code", "name"), name="one_fund_of_a_name")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Account",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "fund",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="accounts",
                                to="payments.fund",
                            ),
                        ),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("centre", "中央资金"),
                                    ("region", "自治区资金"),
                                    ("county", "县级资金"),
                                    ("donation", "社会捐赠"),
                                ],
                                max_length=10,
                                verbose_name="来源",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("outside", "拨款方"),
                                    ("available", "可用"),
                                    ("budgeted", "已列预算"),
                                    ("committed", "已承诺"),
                                    ("paid", "已发放"),
                                ],
                                max_length=10,
                                verbose_name="科目",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("fund", "source", "kind"), name="one_account_of_a_kind"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Movement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "fund",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="movements",
                                to="payments.fund",
                            ),
                        ),
                        ("day", models.DateField(verbose_name="日期")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("opening", "期初余额"),
                                    ("income", "收入"),
                                    ("budget", "列预算"),
                                    ("commitment", "承诺"),
                                    ("payment", "发放"),
                                    ("return", "退回"),
                                    ("reversal", "冲销"),
                                ],
                                max_length=10,
                                verbose_name="种类",
                            ),
                        ),
                        (
                            "debit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="debits",
                                to="payments.account",
                            ),
                        ),
                        (
                            "credit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="credits",
                                to="payments.account",
                            ),
                        ),
                        ("fen", models.BigIntegerField(verbose_name="金额（分）")),
                        ("note", models.CharField(max_length=300, verbose_name="摘要")),
                        ("voucher", models.CharField(blank=True, max_length=40, verbose_name="凭证号")),
                        (
                            "batch",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="movements",
                                to="payments.batch",
                            ),
                        ),
                        (
                            "reverses",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reversed_by",
                                to="payments.movement",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["day", "id"],
                        "indexes": [models.Index(fields=["fund", "day"], name="movement_by_day")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("fen__gt", 0)), name="movement_moves_something"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("debit", models.F("credit")), _negated=True),
                                name="movement_has_two_sides",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "reversal"), ("reverses__isnull", False)),
                                    models.Q(
                                        models.Q(("kind", "reversal"), _negated=True), ("reverses", None)
                                    ),
                                    _connector="OR",
                                ),
                                name="movement_reversal_names_what",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("note", ""), _negated=True), name="movement_says_what_for"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ClosedYear",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "fund",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="closed_years",
                                to="payments.fund",
                            ),
                        ),
                        ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["-year"],
                        "constraints": [
                            models.UniqueConstraint(fields=("fund", "year"), name="one_closing_of_a_year")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AwardRound",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6)),
                        ("title", models.CharField(max_length=100, verbose_name="名称")),
                        (
                            "person_kind",
                            models.CharField(
                                choices=[("student", "学生"), ("teacher", "教师")],
                                max_length=10,
                                verbose_name="对象",
                            ),
                        ),
                        ("term", models.CharField(max_length=8, verbose_name="学期")),
                        ("clause", models.CharField(max_length=80, verbose_name="条款")),
                        ("clause_name", models.CharField(max_length=100, verbose_name="资助项目")),
                        (
                            "fund",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rounds",
                                to="payments.fund",
                            ),
                        ),
                        ("shares", models.JSONField(default=dict, verbose_name="资金分担")),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("published_on", models.DateField(null=True, verbose_name="公示起")),
                        ("published_until", models.DateField(null=True, verbose_name="公示止")),
                        (
                            "published_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("published_doubt", models.CharField(blank=True, max_length=200)),
                    ],
                    options={
                        "ordering": ["-id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("published_on", None),
                                    ("published_until__gte", models.F("published_on")),
                                    _connector="OR",
                                ),
                                name="round_publication_ends_after_it_begins",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Award",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "round",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="awards",
                                to="payments.awardround",
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6)),
                        (
                            "person_kind",
                            models.CharField(
                                choices=[("student", "学生"), ("teacher", "教师")], max_length=10
                            ),
                        ),
                        ("person_key", models.CharField(max_length=80)),
                        ("person_name", models.CharField(max_length=60, verbose_name="姓名")),
                        ("pinyin", models.CharField(blank=True, max_length=200)),
                        ("school_code", models.CharField(max_length=10, verbose_name="学校代码")),
                        ("school_name", models.CharField(max_length=120, verbose_name="学校")),
                        ("grade", models.CharField(blank=True, max_length=20, verbose_name="年级")),
                        ("class_name", models.CharField(blank=True, max_length=20, verbose_name="班级")),
                        ("clause", models.CharField(max_length=80, verbose_name="条款")),
                        ("term", models.CharField(max_length=8, verbose_name="学期")),
                        ("fen", models.BigIntegerField(verbose_name="金额（分）")),
                        ("basis", models.CharField(blank=True, max_length=300, verbose_name="认定依据")),
                        ("entered", models.CharField(default="entitled", max_length=12, verbose_name="来源")),
                        ("state", models.CharField(default="proposed", max_length=14, verbose_name="状态")),
                        (
                            "proposed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("proposed_at", models.DateTimeField()),
                        (
                            "school_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("school_at", models.DateTimeField(null=True)),
                        (
                            "reviewed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("reviewed_at", models.DateTimeField(null=True)),
                        ("reason", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                    ],
                    options={
                        "ordering": ["school_code", "grade", "class_name", "pinyin", "id"],
                        "indexes": [
                            models.Index(fields=["county_code", "person_key"], name="award_of_a_person"),
                            models.Index(fields=["round", "state", "school_code"], name="award_of_a_round"),
                            models.Index(fields=["county_code", "state"], name="award_by_state"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "rejected"), _negated=True),
                                fields=("county_code", "person_kind", "person_key", "clause", "term"),
                                name="one_award_of_a_clause_and_term",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("fen__gt", 0)), name="award_gives_something"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("reviewed_by", None),
                                    ("school_by", None),
                                    models.Q(("reviewed_by", models.F("school_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="award_reviewed_by_two_persons",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "rejected"), _negated=True),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="award_refused_with_a_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AwardEvent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "round",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="events",
                                to="payments.awardround",
                            ),
                        ),
                        (
                            "award",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="events",
                                to="payments.award",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("what", models.CharField(max_length=20)),
                        ("count", models.PositiveIntegerField(default=1)),
                        ("text", models.CharField(blank=True, max_length=500)),
                    ],
                    options={
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="Objection",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "round",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="objections",
                                to="payments.awardround",
                            ),
                        ),
                        (
                            "award",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="objections",
                                to="payments.award",
                            ),
                        ),
                        ("about", models.CharField(blank=True, max_length=100, verbose_name="涉及的人")),
                        ("text", models.TextField(verbose_name="内容")),
                        ("name", models.CharField(blank=True, max_length=40, verbose_name="提出人")),
                        ("contact", models.BinaryField(default=b"", verbose_name="联系方式")),
                        ("public", models.BooleanField(default=False)),
                        ("sender", models.CharField(blank=True, max_length=32)),
                        (
                            "received_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("upheld", models.BooleanField(null=True)),
                        ("answer", models.TextField(blank=True, verbose_name="处理情况")),
                        (
                            "handled_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("handled_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "ordering": ["-id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("handled_by", None), ("upheld", None)),
                                    models.Q(
                                        ("handled_by__isnull", False),
                                        ("upheld__isnull", False),
                                        models.Q(("answer", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="objection_answered_by_somebody",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BankAccount",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6)),
                        (
                            "person_kind",
                            models.CharField(
                                choices=[("student", "学生"), ("teacher", "教师")], max_length=10
                            ),
                        ),
                        ("person_key", models.CharField(max_length=80)),
                        ("number", models.BinaryField(verbose_name="账号")),
                        ("number_lookup", models.CharField(max_length=32)),
                        ("number_tail", models.CharField(max_length=4)),
                        ("bank", models.CharField(max_length=60, verbose_name="开户行")),
                        ("holder_name", models.CharField(max_length=60, verbose_name="户名")),
                        ("relation", models.CharField(max_length=10, verbose_name="与受助人关系")),
                        ("since", models.DateField(verbose_name="启用")),
                        ("until", models.DateField(null=True, verbose_name="停用")),
                        ("reason", models.CharField(blank=True, max_length=200, verbose_name="原因")),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["-id"],
                        "indexes": [
                            models.Index(
                                fields=["county_code", "number_lookup"], name="bank_account_by_number"
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("until", None)),
                                fields=("county_code", "person_kind", "person_key"),
                                name="one_bank_account_in_use",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ServiceTerm",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6)),
                        ("teacher_key", models.CharField(max_length=80)),
                        ("teacher_name", models.CharField(max_length=60, verbose_name="姓名")),
                        ("school_code", models.CharField(max_length=10)),
                        ("clause", models.CharField(max_length=80, verbose_name="条款")),
                        (
                            "award",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="service_terms",
                                to="payments.award",
                            ),
                        ),
                        (
                            "fund",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="service_terms",
                                to="payments.fund",
                            ),
                        ),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("centre", "中央资金"),
                                    ("region", "自治区资金"),
                                    ("county", "县级资金"),
                                    ("donation", "社会捐赠"),
                                ],
                                max_length=10,
                                verbose_name="来源",
                            ),
                        ),
                        ("fen", models.BigIntegerField(verbose_name="已发金额（分）")),
                        ("starts", models.DateField(verbose_name="服务起")),
                        ("years", models.PositiveSmallIntegerField(verbose_name="服务年限")),
                        (
                            "method",
                            models.CharField(
                                choices=[
                                    ("months", "按未服务月数比例退还"),
                                    ("years", "按未服务年数（不满一年按一年）比例退还"),
                                    ("whole", "全额退还"),
                                ],
                                max_length=10,
                                verbose_name="退还办法",
                            ),
                        ),
                        ("contract", models.CharField(max_length=300, verbose_name="合同依据")),
                        ("left_on", models.DateField(null=True, verbose_name="离开日期")),
                        (
                            "left_reason",
                            models.CharField(blank=True, max_length=200, verbose_name="离开原因"),
                        ),
                        ("due_on", models.DateField(null=True, verbose_name="应退期限")),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["starts", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("county_code", "teacher_key", "clause", "starts"),
                                name="one_service_term",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("fen__gt", 0), ("years__gt", 0)),
                                name="service_term_owes_something",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Repayment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "term",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="repayments",
                                to="payments.serviceterm",
                            ),
                        ),
                        ("day", models.DateField(verbose_name="到账日期")),
                        ("fen", models.BigIntegerField(verbose_name="金额（分）")),
                        (
                            "movement",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="repayment",
                                to="payments.movement",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["day", "id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("fen__gt", 0)), name="repayment_repays_something"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BankTemplate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6)),
                        ("name", models.CharField(max_length=60, verbose_name="名称")),
                        (
                            "form",
                            models.CharField(
                                choices=[("xlsx", "Excel（.xlsx）"), ("csv", "CSV")],
                                default="xlsx",
                                max_length=4,
                                verbose_name="文件",
                            ),
                        ),
                        (
                            "encoding",
                            models.CharField(
                                choices=[("gb18030", "GB18030"), ("utf-8-sig", "UTF-8")],
                                default="gb18030",
                                max_length=10,
                                verbose_name="编码",
                            ),
                        ),
                        ("tab", models.CharField(default="代发明细", max_length=30, verbose_name="工作表名")),
                        ("columns", models.JSONField(verbose_name="列")),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("county_code", "name"), name="one_bank_template_of_a_name"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Batch",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6)),
                        ("title", models.CharField(max_length=100, verbose_name="名称")),
                        (
                            "person_kind",
                            models.CharField(
                                choices=[("student", "学生"), ("teacher", "教师")],
                                max_length=10,
                                verbose_name="对象",
                            ),
                        ),
                        (
                            "fund",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="batches",
                                to="payments.fund",
                            ),
                        ),
                        (
                            "template",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="payments.banktemplate",
                            ),
                        ),
                        ("state", models.CharField(default="draft", max_length=10, verbose_name="状态")),
                        ("year", models.PositiveSmallIntegerField(null=True)),
                        ("serial", models.PositiveIntegerField(null=True)),
                        ("lines_count", models.PositiveIntegerField(default=0, verbose_name="笔数")),
                        ("fen", models.BigIntegerField(default=0, verbose_name="金额（分）")),
                        ("parts", models.JSONField(default=dict, verbose_name="资金来源")),
                        (
                            "drafted_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("drafted_at", models.DateTimeField()),
                        ("submitted_at", models.DateTimeField(null=True)),
                        (
                            "approved_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("approved_at", models.DateTimeField(null=True)),
                        (
                            "sent_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("sent_at", models.DateTimeField(null=True)),
                        ("settled_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "ordering": ["-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("county_code", "year", "serial"), name="one_number_of_a_batch"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("approved_by", None),
                                    models.Q(("approved_by", models.F("drafted_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="batch_approved_by_another",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state__in", ["draft", "submitted", "void"]),
                                    ("approved_by__isnull", False),
                                    _connector="OR",
                                ),
                                name="batch_goes_on_only_when_approved",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Line",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "batch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="payments.batch",
                            ),
                        ),
                        ("position", models.PositiveIntegerField(verbose_name="序号")),
                        (
                            "award",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="payments.award",
                            ),
                        ),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="payments.bankaccount",
                            ),
                        ),
                        ("fen", models.BigIntegerField(verbose_name="金额（分）")),
                        ("parts", models.JSONField(default=dict, verbose_name="资金来源")),
                        ("state", models.CharField(default="waiting", max_length=10, verbose_name="状态")),
                        ("reason", models.CharField(blank=True, max_length=200, verbose_name="银行说明")),
                        ("paid_on", models.DateField(null=True, verbose_name="到账日期")),
                        ("returned_on", models.DateField(null=True, verbose_name="退回日期")),
                        (
                            "reviewed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "approved_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["batch", "position"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("batch", "position"), name="one_line_of_a_position"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ["waiting", "paid"])),
                                fields=("award",),
                                name="an_award_is_paid_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("approved_by", None),
                                    models.Q(("approved_by", models.F("reviewed_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="line_approved_by_another_than_reviewed",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "paid"), _negated=True),
                                    models.Q(("approved_by__isnull", False), ("paid_on__isnull", False)),
                                    _connector="OR",
                                ),
                                name="line_paid_only_when_approved",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("fen__gt", 0)), name="line_pays_something"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BatchEvent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "batch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="events",
                                to="payments.batch",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("what", models.CharField(max_length=20)),
                        ("text", models.CharField(blank=True, max_length=500)),
                    ],
                    options={
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="PaymentFile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("awards", "资助名单"),
                                    ("accounts", "一卡通账户"),
                                    ("result", "银行回盘"),
                                    ("funds", "期初和收入"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "排队读取"),
                                    ("reading", "正在读取"),
                                    ("refused", "有问题，没有入库"),
                                    ("ready", "待确认"),
                                    ("taking", "正在入库"),
                                    ("taken", "已入库"),
                                    ("cancelled", "已取消"),
                                ],
                                default="waiting",
                                max_length=10,
                            ),
                        ),
                        (
                            "batch",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="files",
                                to="payments.batch",
                            ),
                        ),
                        (
                            "round",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="files",
                                to="payments.awardround",
                            ),
                        ),
                        (
                            "fund",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="files",
                                to="payments.fund",
                            ),
                        ),
                        ("only_failures", models.BooleanField(default=False, verbose_name="只有失败明细")),
                        ("paid_on", models.DateField(null=True, verbose_name="到账日期")),
                        ("name", models.CharField(max_length=200, verbose_name="文件名")),
                        ("sha256", models.CharField(max_length=64)),
                        ("size", models.BigIntegerField()),
                        ("progress", models.FloatField(default=0)),
                        ("problems", models.JSONField(default=list)),
                        ("warnings", models.JSONField(default=list)),
                        ("summary", models.CharField(blank=True, max_length=300)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("taken_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="Job",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("entitled", "从应助名单列入"),
                                    ("school_pass", "学校评审通过"),
                                    ("pass", "科室评审通过"),
                                    ("draft", "制发放批次"),
                                ],
                                max_length=12,
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "排队办理"),
                                    ("doing", "正在办理"),
                                    ("done", "已办完"),
                                    ("refused", "没有办成"),
                                    ("cancelled", "已取消"),
                                ],
                                default="waiting",
                                max_length=10,
                            ),
                        ),
                        ("title", models.CharField(max_length=100, verbose_name="名称")),
                        ("rows", models.PositiveIntegerField(default=0, verbose_name="人数")),
                        ("arguments", models.JSONField(default=dict)),
                        (
                            "round",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="jobs",
                                to="payments.awardround",
                            ),
                        ),
                        (
                            "batch",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="jobs",
                                to="payments.batch",
                            ),
                        ),
                        ("progress", models.FloatField(default=0)),
                        ("said", models.TextField(blank=True)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("address", models.CharField(blank=True, max_length=45)),
                        ("ended_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "ordering": ["-id"],
                        "indexes": [
                            models.Index(fields=["county_code", "state"], name="payment_job_by_state")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ["waiting", "doing"])),
                                fields=("round", "kind"),
                                name="one_payment_job_of_a_list",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PaymentSetting",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6)),
                        ("name", models.CharField(max_length=30)),
                        ("value", models.PositiveIntegerField(verbose_name="值")),
                        ("basis", models.CharField(max_length=300, verbose_name="依据")),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["-id"],
                        "indexes": [
                            models.Index(fields=["county_code", "name"], name="payment_setting_of_a_name")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("basis", ""), _negated=True),
                                name="payment_setting_says_why",
                            )
                        ],
                    },
                ),
            ],
        ),
    ]
