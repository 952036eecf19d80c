'use strict';

describe('a server', function () {
  before(function () {
    throw new Error('the port is taken');
  });

  it('answers', function () {});
  it('ends', function () {});
});

describe('a slow server', function () {
  this.timeout(30);

  it('answers in time', function (done) {
    setTimeout(done, 300);
  });

  it('refuses', async function () {
    await Promise.reject({ code: 'ECONNREFUSED' });
  });
});
