class Basket(private val prices: List<Int>) {
    fun total(): Int {
        val text: String = prices.size
        val unused = 1
        return prices.totla()
    }
}
