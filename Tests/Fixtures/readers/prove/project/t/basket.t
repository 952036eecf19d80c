use strict;
use warnings;
use Test::More tests => 5;

is(1 + 1, 2, 'adds');
is(2 * 2, 5, 'multiplies');
ok(0);
TODO: {
    local $TODO = 'not yet';
    ok(0, 'is to be done');
}
SKIP: {
    skip 'no network', 1;
}
