"""考勤的地址."""

from django.urls import URLPattern, path

from bureau.pages import (
    attendance,
    attendance_class,
    attendance_homerooms,
    attendance_matrix,
    attendance_settings,
    attendance_sheet,
    attendance_streaks,
)

CLASS = "<str:school_code>/<str:grade>/<int:number>/"

urlpatterns: list[URLPattern] = [
    path("attendance/", attendance.attendance, name="attendance"),
    path("attendance/sheet/", attendance_sheet.template, name="attendance-sheet"),
    path("attendance/upload/", attendance_sheet.upload, name="attendance-upload"),
    path("attendance/streaks/", attendance_streaks.streaks, name="attendance-streaks"),
    path("attendance/terms/", attendance_settings.settings, name="attendance-terms"),
    path("attendance/homerooms/", attendance_homerooms.homerooms, name="attendance-homerooms"),
    path("attendance/homerooms/upload/", attendance_homerooms.upload, name="attendance-homerooms-upload"),
    path(f"attendance/homerooms/{CLASS}", attendance_homerooms.homeroom, name="attendance-homeroom"),
    path(f"attendance/{CLASS}", attendance_class.roll_call, name="attendance-class"),
    path(f"attendance/{CLASS}matrix/", attendance_matrix.matrix, name="attendance-matrix"),
]
