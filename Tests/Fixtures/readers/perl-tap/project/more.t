use Test::More;
ok(1, 'adds');
ok(1);
done_testing;
