# frozen_string_literal: true

require 'test/unit'

class TestBasket < Test::Unit::TestCase
  def test_adds
    assert_equal(7, 3 + 4)
  end

  def test_multiplies
    assert_equal(12, 3 + 4, 'the product')
  end

  def test_missing_method
    nil.totla
  end

  def test_later
    omit('not yet')
  end

  def test_pending
    pend('half of it')
  end
end
