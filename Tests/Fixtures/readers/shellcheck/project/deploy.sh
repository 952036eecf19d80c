#!/bin/sh
name=$1
if [ $name == "x" ]; then
  cd $HOME/deploy
  rm -rf $DIR/*
fi
for file in `ls *.txt`; do
  echo $file
done
