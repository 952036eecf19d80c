# frozen_string_literal: true

require 'minitest/autorun'

class Basket
  def initialize(*prices)
    @prices = prices
  end

  def total
    @prices.size
  end
end

class TestBasket < Minitest::Test
  def test_empty
    assert_equal 0, Basket.new.total
  end

  def test_adds
    assert_equal 7, Basket.new(3, 4).total, 'the total'
  end

  def test_missing_method
    Basket.new.totla
  end

  def test_later
    skip 'not yet'
  end
end

describe 'a basket' do
  it 'adds the prices' do
    _(Basket.new(1, 2).total).must_equal 3
  end

  describe 'when empty' do
    it 'is refused' do
      refute_nil nil
    end
  end
end
