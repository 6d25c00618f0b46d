"""The door for the server."""

import os
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bureau.settings")
# Whoever writes to the embedded database lets go of the interpreter at each statement, and everybody else waits for him
# to get it back: from another busy thread after a thousandth of a second, not after five.
sys.setswitchinterval(0.001)
application = get_wsgi_application()
