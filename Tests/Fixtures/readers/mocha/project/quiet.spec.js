'use strict';

describe('quiet', function () {
  it('prints what looks like a failure', function () {
    console.log('  1) Array\n       is not a failure:\n     Error: no\n      at Context.<anonymous> (a.js:1:2)');
    console.log('  2 failing');
  });
  it('1) has a number in its name');
});
