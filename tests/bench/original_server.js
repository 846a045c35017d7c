// A baseline, not the shop: what the original's handler does, written by us with the original's libraries.
// It reads the stock, then writes what it read less one, over a connection of its own for each request: two
// customers who read the same number lose one sale, and nothing but the number is kept.
const express = require('express')
const mysql = require('mysql')

const database = JSON.parse(process.env.BENCH_DATABASE)
const app = express()
app.use(express.json())

app.post('/send', (request, response, next) => {
  const sku = request.body.MessageAttributeProductId
  const connection = mysql.createConnection(database)
  const fail = (error) => {
    connection.destroy()
    next(error)
  }
  connection.query('SELECT sku, stock FROM original_product WHERE sku = ?', [sku], (error, rows) => {
    if (error) return fail(error)
    if (rows.length === 0 || rows[0].stock < 1) {
      connection.end()
      return response.json({ message: '재고부족, 제품 생산 요청!' })
    }
    connection.query('UPDATE original_product SET stock = ? WHERE sku = ?', [rows[0].stock - 1, sku], (failure) => {
      if (failure) return fail(failure)
      connection.end()
      response.json({ message: '판매완료' })
    })
  })
})

app.get('/healthz', (request, response) => response.json({ status: 'ok' }))
app.listen(Number(process.env.BENCH_PORT), '127.0.0.1')
