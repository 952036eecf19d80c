use strict;
use warnings;
use Test::More;

ok(1, 'begins');
die "no database\n";
