use strict;
use Nowhere::To::Be::Found;
use Test::More tests => 3;
