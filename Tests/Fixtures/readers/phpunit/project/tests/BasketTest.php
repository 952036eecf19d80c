<?php

declare(strict_types=1);

use PHPUnit\Framework\TestCase;

final class Basket
{
    private array $prices = [];

    public function add(int $price): void
    {
        if ($price < 0) {
            throw new InvalidArgumentException("negative price: $price");
        }
        $this->prices[] = $price;
    }

    public function total(): int
    {
        return count($this->prices);
    }
}

final class BasketTest extends TestCase
{
    public function testEmptyBasketCostsNothing(): void
    {
        $this->assertSame(0, (new Basket())->total());
    }

    public function testAddsPrices(): void
    {
        $basket = new Basket();
        $basket->add(3);
        $basket->add(4);
        $this->assertSame(7, $basket->total(), 'the total');
    }

    public function testRefusesNegativePrices(): void
    {
        (new Basket())->add(-1);
    }

    /** @dataProvider sums */
    public function testSums(int $count, int $sum): void
    {
        $this->assertEquals($sum, $count + 1);
    }

    public function sums(): array
    {
        return [[1, 2], 'three' => [3, 5]];
    }

    public function testComparesArrays(): void
    {
        $this->assertEquals(['a' => 1, 'b' => 2], ['a' => 1, 'b' => 3]);
    }

    public function testLater(): void
    {
        $this->markTestSkipped('not yet');
    }

    public function testUnfinished(): void
    {
        $this->markTestIncomplete('half of it');
    }

    public function testWithoutAssertion(): void
    {
    }
}
