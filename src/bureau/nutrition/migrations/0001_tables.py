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
                    name="Supplier",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6)),
                        ("name", models.CharField(max_length=80, verbose_name="单位名称")),
                        (
                            "credit_code",
                            models.CharField(blank=True, max_length=18, verbose_name="统一社会信用代码"),
                        ),
                        ("goods", models.CharField(max_length=100, verbose_name="供应内容")),
                        ("licence", models.CharField(max_length=40, verbose_name="食品经营许可证号")),
                        ("licence_until", models.DateField(verbose_name="许可证有效期至")),
                        ("contract", models.CharField(blank=True, max_length=60, verbose_name="合同编号")),
                        ("contract_until", models.DateField(null=True, verbose_name="合同有效期至")),
                        ("contact", models.CharField(blank=True, max_length=40, verbose_name="联系人")),
                        ("phone", models.BinaryField(default=b"", verbose_name="联系电话")),
                        ("active", models.BooleanField(default=True, verbose_name="在用")),
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
                        "ordering": ["name"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("county_code", "name"), name="one_supplier_of_a_name"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Delivery",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6)),
                        ("school_code", models.CharField(max_length=10, verbose_name="学校标识码")),
                        (
                            "supplier",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deliveries",
                                to="nutrition.supplier",
                            ),
                        ),
                        ("day", models.DateField(verbose_name="日期")),
                        ("goods", models.CharField(max_length=80, verbose_name="品名")),
                        (
                            "quantity",
                            models.DecimalField(decimal_places=2, max_digits=10, verbose_name="数量"),
                        ),
                        ("unit", models.CharField(max_length=10, verbose_name="单位")),
                        ("fen", models.PositiveBigIntegerField(verbose_name="金额（分）")),
                        ("meals", models.PositiveIntegerField(null=True, verbose_name="折合份数")),
                        ("ticket", models.CharField(blank=True, max_length=40, verbose_name="票证号")),
                        (
                            "temperature",
                            models.DecimalField(
                                decimal_places=1, max_digits=4, null=True, verbose_name="温度"
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "待验收"),
                                    ("inspected", "一人已验，待第二人"),
                                    ("accepted", "已验收"),
                                    ("rejected", "已拒收"),
                                ],
                                default="waiting",
                                max_length=10,
                                verbose_name="状态",
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
                        (
                            "inspected_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("inspected_at", models.DateTimeField(null=True)),
                        (
                            "second_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("second_at", models.DateTimeField(null=True)),
                        ("reason", models.CharField(blank=True, max_length=200, verbose_name="拒收原因")),
                    ],
                    options={
                        "ordering": ["-day", "-id"],
                        "indexes": [models.Index(fields=["county_code", "day"], name="delivery_by_day")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("second_by", models.F("inspected_by")), _negated=True),
                                name="delivery_accepted_by_two_persons",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "accepted"), _negated=True),
                                    models.Q(("inspected_by__isnull", False), ("second_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="accepted_delivery_names_two",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "rejected"), _negated=True),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="rejected_delivery_has_a_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Complaint",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.CharField(blank=True, max_length=10, verbose_name="查询编号")),
                        ("county_code", models.CharField(max_length=6)),
                        ("school_code", models.CharField(max_length=10, verbose_name="学校标识码")),
                        ("received_on", models.DateField(verbose_name="受理日期")),
                        (
                            "way",
                            models.CharField(
                                choices=[
                                    ("phone", "电话"),
                                    ("letter", "来信来访"),
                                    ("online", "网络"),
                                    ("inspection", "检查发现"),
                                ],
                                max_length=10,
                                verbose_name="来源",
                            ),
                        ),
                        (
                            "topic",
                            models.CharField(
                                choices=[
                                    ("quality", "饭菜质量"),
                                    ("amount", "分量"),
                                    ("hygiene", "卫生安全"),
                                    ("money", "收费和资金"),
                                    ("other", "其他"),
                                ],
                                max_length=8,
                                verbose_name="事由",
                            ),
                        ),
                        ("text", models.TextField(verbose_name="反映内容")),
                        ("person", models.BinaryField(default=b"", verbose_name="反映人")),
                        ("due", models.DateField(verbose_name="答复期限")),
                        ("due_doubt", models.CharField(blank=True, max_length=200)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("open", "办理中"),
                                    ("answered", "已答复，待复核"),
                                    ("closed", "已办结"),
                                ],
                                default="open",
                                max_length=8,
                                verbose_name="状态",
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
                        ("answer", models.TextField(blank=True, verbose_name="处理和答复")),
                        (
                            "answered_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("answered_on", models.DateField(null=True)),
                        (
                            "closed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("closed_at", models.DateTimeField(null=True)),
                        ("returned", models.CharField(blank=True, max_length=300, verbose_name="退回原因")),
                    ],
                    options={
                        "ordering": ["due", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("number", ""), _negated=True),
                                fields=("number",),
                                name="one_complaint_of_a_number",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("closed_by", models.F("answered_by")), _negated=True),
                                name="complaint_checked_by_another",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "closed"), _negated=True),
                                    ("closed_by__isnull", False),
                                    _connector="OR",
                                ),
                                name="closed_complaint_names_who",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MealDay",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6)),
                        (
                            "school_code",
                            models.CharField(blank=True, max_length=10, verbose_name="学校标识码"),
                        ),
                        ("day", models.DateField(verbose_name="日期")),
                        ("serves", models.BooleanField(verbose_name="供餐")),
                        ("reason", models.CharField(max_length=100, verbose_name="原因")),
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
                        "ordering": ["day", "school_code"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("county_code", "school_code", "day"), name="one_meal_day_of_a_school"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True),
                                name="meal_day_has_a_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Price",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6)),
                        ("since", models.DateField(verbose_name="起始日期")),
                        ("fen", models.PositiveIntegerField(verbose_name="标准（分）")),
                        ("source", models.CharField(max_length=100, verbose_name="资金来源")),
                        ("document", models.CharField(max_length=200, verbose_name="依据")),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        (
                            "confirmed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("confirmed_at", models.DateTimeField(null=True)),
                        ("withdrawn_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "ordering": ["-since", "-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("withdrawn_at", None)),
                                fields=("county_code", "since"),
                                name="one_price_from_a_day",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("confirmed_by", models.F("by")), _negated=True),
                                name="price_confirmed_by_another",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("fen__gt", 0)), name="price_is_positive"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Setting",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6, unique=True)),
                        ("complaint_days", models.PositiveSmallIntegerField(verbose_name="投诉答复工作日")),
                        ("source", models.CharField(max_length=200, verbose_name="依据")),
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
                ),
                migrations.CreateModel(
                    name="Covered",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("county_code", models.CharField(max_length=6)),
                        ("school_code", models.CharField(max_length=10, verbose_name="学校标识码")),
                        (
                            "mode",
                            models.CharField(
                                choices=[
                                    ("canteen", "食堂供餐"),
                                    ("company", "企业供餐"),
                                    ("family", "家庭托餐"),
                                ],
                                default="canteen",
                                max_length=8,
                                verbose_name="供餐方式",
                            ),
                        ),
                        ("since", models.DateField(verbose_name="起始日期")),
                        ("until", models.DateField(null=True, verbose_name="截止日期")),
                        ("source", models.CharField(max_length=200, verbose_name="依据")),
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
                        "ordering": ["school_code", "-since"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("until", None)),
                                fields=("county_code", "school_code"),
                                name="one_open_coverage_of_a_school",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("until", None), ("until__gte", models.F("since")), _connector="OR"
                                ),
                                name="coverage_ends_after_it_starts",
                            ),
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
                        ("county_code", models.CharField(max_length=6)),
                        ("school_code", models.CharField(max_length=10, verbose_name="学校标识码")),
                        ("month", models.DateField(verbose_name="月份")),
                        (
                            "mode",
                            models.CharField(
                                choices=[
                                    ("canteen", "食堂供餐"),
                                    ("company", "企业供餐"),
                                    ("family", "家庭托餐"),
                                ],
                                max_length=8,
                                verbose_name="供餐方式",
                            ),
                        ),
                        ("days", models.PositiveSmallIntegerField(verbose_name="应供餐天数")),
                        ("fen", models.PositiveIntegerField(verbose_name="标准（分）")),
                        ("price_cite", models.CharField(max_length=300, verbose_name="标准依据")),
                        ("counted_on", models.DateField(verbose_name="人数日期")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("open", "登记中"),
                                    ("signed", "学校已签，待审核"),
                                    ("closed", "已结账"),
                                ],
                                default="open",
                                max_length=6,
                                verbose_name="状态",
                            ),
                        ),
                        (
                            "signed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("signed_at", models.DateTimeField(null=True)),
                        (
                            "closed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("closed_at", models.DateTimeField(null=True)),
                        ("returned", models.CharField(blank=True, max_length=300, verbose_name="退回原因")),
                        (
                            "explained",
                            models.CharField(blank=True, max_length=300, verbose_name="到货差异说明"),
                        ),
                        (
                            "explained_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("explained_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "ordering": ["-month", "school_code"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("county_code", "month", "school_code"), name="one_account_of_a_month"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("closed_by", models.F("signed_by")), _negated=True),
                                name="account_closed_by_another_than_signed",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state", "open"), ("signed_by__isnull", False), _connector="OR"
                                ),
                                name="signed_account_names_who",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "closed"), _negated=True),
                                    ("closed_by__isnull", False),
                                    _connector="OR",
                                ),
                                name="closed_account_names_who",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AccountClass",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "account",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="classes",
                                to="nutrition.account",
                            ),
                        ),
                        ("grade", models.CharField(max_length=3, verbose_name="年级")),
                        ("class_number", models.PositiveSmallIntegerField(verbose_name="班号")),
                        ("pupils", models.PositiveSmallIntegerField(verbose_name="享受人数")),
                        ("eaten", models.PositiveIntegerField(null=True, verbose_name="就餐人次")),
                        ("attended", models.PositiveIntegerField(null=True, verbose_name="出勤人次")),
                        ("by_day", models.BooleanField(default=False)),
                        ("attended_typed", models.BooleanField(default=False)),
                        (
                            "days_uncalled",
                            models.PositiveSmallIntegerField(default=0, verbose_name="没有点名的天数"),
                        ),
                        ("explained", models.CharField(blank=True, max_length=300, verbose_name="差异说明")),
                        (
                            "explained_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("explained_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("account", "grade", "class_number"),
                                name="one_line_of_a_class_a_month",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DailyMeals",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="daily",
                                to="nutrition.accountclass",
                            ),
                        ),
                        ("day", models.DateField(verbose_name="日期")),
                        ("eaten", models.PositiveSmallIntegerField(verbose_name="就餐人数")),
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
                        "constraints": [
                            models.UniqueConstraint(fields=("line", "day"), name="one_count_a_day")
                        ],
                    },
                ),
            ],
        ),
    ]
