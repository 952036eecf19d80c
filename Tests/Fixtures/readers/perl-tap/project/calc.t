use strict;
use warnings;
use Test::More tests => 6;

is(1 + 1, 2, 'adds');
is(2 - 1, 2, 'subtracts');
subtest 'list' => sub {
    plan tests => 2;
    ok(1, 'is empty');
    is_deeply([1], [2], 'holds one');
};
SKIP: {
    skip 'no network', 1;
    ok(0, 'never');
}
TODO: {
    local $TODO = 'not written';
    ok(0, 'unfinished');
}
like('abc', qr/x/, 'has # and \\ in its name');
