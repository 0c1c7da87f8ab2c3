export const images = {
  'images.here': 'The picture is on this device and goes up by itself',
  'images.preparing': 'The server is preparing the picture',
  'images.failed': 'This picture can’t be shown: {reason}',
  'images.aside': 'This picture could not go up: {reason}',
  'images.unreadable': 'This file could not be read. Choose it again, or another one.',
  'images.of': 'Your picture of {name}',
  'images.unnamed': 'Your picture, not named yet',
  'images.yours': 'Your photo',
} as const
