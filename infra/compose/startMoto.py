"""Starts moto as SES, with the sender of MAIL_FROM verified: SES refuses mail of other senders.

moto keeps everything in memory, so the sender must be verified before each start serves requests.
"""

import os
from email.utils import parseaddr

from moto.core import DEFAULT_ACCOUNT_ID
from moto.server import main
from moto.ses.models import ses_backends

sender = parseaddr(os.environ["MAIL_FROM"])[1]
ses_backends[DEFAULT_ACCOUNT_ID][os.environ["AWS_REGION"]].verify_email_identity(sender)
main(["-H", "0.0.0.0", "-p", "5000"])
