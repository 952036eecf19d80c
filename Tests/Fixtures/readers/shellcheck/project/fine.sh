#!/bin/sh
echo "In fine.sh line 3: error: nothing"
