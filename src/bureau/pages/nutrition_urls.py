"""营养改善的地址."""

from django.urls import URLPattern, path

from bureau.pages import (
    nutrition,
    nutrition_complaints,
    nutrition_deliveries,
    nutrition_month,
    nutrition_opening,
    nutrition_settings,
    nutrition_sheets,
    nutrition_suppliers,
    nutrition_why,
)

urlpatterns: list[URLPattern] = [
    path("nutrition/", nutrition.overview, name="nutrition"),
    path("nutrition/open/", nutrition_opening.open_month, name="nutrition-open"),
    path("nutrition/refresh/", nutrition_opening.refresh, name="nutrition-refresh"),
    path("nutrition/schools/<str:school_code>/<str:month>/", nutrition_month.month, name="nutrition-month"),
    path("nutrition/schools/<str:school_code>/<str:month>/days/", nutrition_month.day, name="nutrition-day"),
    path(
        "nutrition/schools/<str:school_code>/<str:month>/<str:action>/",
        nutrition_month.change,
        name="nutrition-month-change",
    ),
    path("nutrition/meals/", nutrition_sheets.meals, name="nutrition-meals"),
    path("nutrition/meals/sheet/", nutrition_sheets.meals_sheet, name="nutrition-meals-sheet"),
    path("nutrition/deliveries/", nutrition_deliveries.listing, name="nutrition-deliveries"),
    path("nutrition/deliveries/sheet/", nutrition_sheets.deliveries_sheet, name="nutrition-deliveries-sheet"),
    path(
        "nutrition/deliveries/upload/", nutrition_sheets.deliveries_upload, name="nutrition-deliveries-upload"
    ),
    path(
        "nutrition/deliveries/accept/", nutrition_deliveries.accept_chosen, name="nutrition-deliveries-accept"
    ),
    path("nutrition/deliveries/<int:pk>/", nutrition_deliveries.delivery, name="nutrition-delivery"),
    path(
        "nutrition/deliveries/<int:pk>/<str:action>/",
        nutrition_deliveries.change,
        name="nutrition-delivery-change",
    ),
    path("nutrition/suppliers/", nutrition_suppliers.listing, name="nutrition-suppliers"),
    path("nutrition/suppliers/new/", nutrition_suppliers.supplier, name="nutrition-supplier-new"),
    path("nutrition/suppliers/<int:pk>/", nutrition_suppliers.supplier, name="nutrition-supplier"),
    path("nutrition/complaints/", nutrition_complaints.listing, name="nutrition-complaints"),
    path("nutrition/complaints/<int:pk>/", nutrition_complaints.complaint, name="nutrition-complaint"),
    path(
        "nutrition/complaints/<int:pk>/<str:action>/",
        nutrition_complaints.change,
        name="nutrition-complaint-change",
    ),
    path("nutrition/settings/", nutrition_settings.settings, name="nutrition-settings"),
    path("nutrition/settings/<str:action>/", nutrition_settings.change, name="nutrition-settings-change"),
    path("nutrition/why/<str:school_code>/<str:month>/<str:kind>/", nutrition_why.why, name="nutrition-why"),
]
