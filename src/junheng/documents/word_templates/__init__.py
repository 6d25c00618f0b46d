"""自备模板 (counties' own Word templates): checked, cleaned of links, refused when they could act, and filled."""

from junheng.documents.word_templates.filling import check_template, letter_from_template, template_fields
from junheng.documents.word_templates.opening import TemplateRefused

__all__ = ["TemplateRefused", "check_template", "letter_from_template", "template_fields"]
