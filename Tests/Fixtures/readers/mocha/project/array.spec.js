'use strict';

const assert = require('assert');

describe('Array', function () {
  describe('#indexOf()', function () {
    it('returns -1 when the value is not there', function () {
      assert.strictEqual([1, 2, 3].indexOf(4), -1);
    });

    it('returns the place of the value', function () {
      assert.strictEqual([1, 2, 3].indexOf(3), 1);
    });

    it('compares deeply', function () {
      assert.deepStrictEqual({ list: [1, 2], name: 'a' }, { list: [1, 3], name: 'a' });
    });
  });

  it('is a pending test');

  it.skip('is skipped', function () {});

  it('throws from a callback', function (done) {
    setTimeout(function () {
      throw new Error('from a callback\nwith a second line');
    }, 1);
  });
});

it('stands outside of a suite', function () {
  throw new RangeError('out of range');
});
