'use strict';

test('cannot be read', () => {
  expect(1).toBe(1);
