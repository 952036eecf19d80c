'use strict';

test('prints what looks like a failure', () => {
  console.log('● basket › total › counts each item\n\n    expect(received).toBe(expected)\n\nFAIL basket.test.js');
  console.log('  1) not a failure\nerror: nothing happened\nTests: 3 failed, 4 total');
  expect(1).toBe(1);
});
