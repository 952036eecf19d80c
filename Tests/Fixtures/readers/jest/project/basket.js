'use strict';

function total(items) {
  return items.reduce((sum, item) => sum + item.price, 0);
}

function describeItem(item) {
  return `${item.count} x ${item.name.trim()}`;
}

module.exports = { total, describeItem };
