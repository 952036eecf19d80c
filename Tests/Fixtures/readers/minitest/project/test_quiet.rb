# frozen_string_literal: true

require 'minitest/autorun'

class TestQuiet < Minitest::Test
  def test_prints
    puts "  1) Failure:\nTestBasket#test_adds [test_basket.rb:21]:\nno\n\n3 runs, 3 assertions, 1 failures, 0 errors, 0 skips"
  end
end
