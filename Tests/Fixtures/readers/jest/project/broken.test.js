'use strict';

const { missing } = require('./nowhere');

test('never runs', () => {
  missing();
});
