import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Device } from './kit/device.ts'
import { choosePicture, fillAccount, openPlate, PASSWORD, pick, plate } from './kit/person.ts'
import { Photos } from './kit/photos.ts'
import { Server } from './kit/server.ts'

let server: Server
let phone: Device
let photos: Photos

beforeAll(async () => {
  server = await Server.open()
  photos = await Photos.open()
  phone = await Device.open(server)
})
afterAll(async () => {
  await phone.discard()
  await photos.remove()
  await server.close()
})
