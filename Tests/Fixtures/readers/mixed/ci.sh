set -e
echo "checking"
./check.sh || true
pytest -q -p no:cacheprovider tests
