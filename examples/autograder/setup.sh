#!/usr/bin/env bash
# Gradescope runs this once, when the image is built.
set -euo pipefail
apt-get install -y python3 python3-pip python3-venv
python3 -m venv /opt/symderiv
/opt/symderiv/bin/pip install symderiv
