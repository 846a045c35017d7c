"""All of moto behind one port, as AWS for Terraform: ``python -m tests.aws.moto_server PORT``."""

import sys

from moto.server import main

from tests.aws.provisioning_gaps import close_provisioning_gaps

if __name__ == "__main__":
    close_provisioning_gaps()
    main(["--host", "127.0.0.1", "--port", sys.argv[1]])
