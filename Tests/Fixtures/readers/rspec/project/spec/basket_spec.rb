# frozen_string_literal: true

class Basket
  def initialize(*prices)
    @prices = prices
  end

  def total
    @prices.size
  end
end

RSpec.describe Basket do
  describe '#total' do
    it 'is zero for an empty basket' do
      expect(Basket.new.total).to eq(0)
    end

    it 'adds the prices' do
      expect(Basket.new(3, 4).total).to eq(7)
    end

    context 'with a nil price' do
      it 'raises' do
        expect { Basket.new(nil).total }.to raise_error(ArgumentError)
      end
    end

    xit 'rounds' do
      expect(Basket.new(0.1).total).to eq(0.1)
    end

    it 'is pending' do
      pending 'currencies are not there yet'
      expect(1).to eq(2)
    end

    it 'calls what is not there' do
      Basket.new.totla
    end

    it { expect(Basket.new(1, 2)).to have_attributes(total: 3) }
  end
end

RSpec.shared_examples 'a container' do
  it 'is empty at first' do
    expect(subject.total).to eq(1)
  end
end

RSpec.describe 'containers' do
  subject { Basket.new }

  it_behaves_like 'a container'
end
