<?php
namespace Example;

use PHPUnit\Framework\TestCase;

final class CalcTest extends TestCase
{
    public function testAdds(): void
    {
        $this->assertSame(4, 2 + 2);
    }

    public function testSubtracts(): void
    {
        $this->assertSame(3, 5 - 1, 'wrong difference');
    }

    public function testThrows(): void
    {
        throw new \RuntimeException("no database\nsecond line");
    }

    public function testLater(): void
    {
        $this->markTestSkipped('not today');
    }

    public function testUnfinished(): void
    {
        $this->markTestIncomplete('half done');
    }

    /** @dataProvider numbers */
    public function testEven(int $number): void
    {
        $this->assertSame(0, $number % 2);
    }

    public function numbers(): array
    {
        return ['two' => [2], 'three' => [3]];
    }

    public function testNothing(): void
    {
    }
}
