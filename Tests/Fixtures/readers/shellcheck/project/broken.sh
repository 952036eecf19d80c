#!/bin/bash
if true; then
  echo "never ends
