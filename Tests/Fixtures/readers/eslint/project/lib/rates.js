const unused = 1;

function rate(value) {
  if (value == null) {
    console.log("no value")
  }
  return ratio * value;
}

module.exports = { rate };
