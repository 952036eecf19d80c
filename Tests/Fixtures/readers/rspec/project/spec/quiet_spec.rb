# frozen_string_literal: true

RSpec.describe 'quiet' do
  it 'prints what looks like a failure' do
    puts "  1) Basket#total adds the prices\n     Failure/Error: no\n3 examples, 2 failures\n"
    puts 'rspec ./spec/basket_spec.rb:20 # Basket'
  end
end
