import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'

/** The least that answers over HTTP: the bytes of one answer, for each request of so many bytes. Nothing of either is looked at. */
const [file = '', requestBytes = ''] = process.argv.slice(2)
const answer = readFileSync(file)
const size = Number(requestBytes)

const server = createServer((socket) => {
  let got = 0
  socket.setNoDelay(true)
  socket.on('data', (piece) => {
    got += piece.length
    if (got < size) return
    got -= size
    socket.write(answer)
  })
  socket.on('error', () => socket.destroy())
})
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))
process.once('disconnect', () => process.exit())
