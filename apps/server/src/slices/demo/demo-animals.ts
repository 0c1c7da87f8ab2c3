/** Where an animal is drawn: what the landscape behind it looks like. */
export const LANDS = ['meadow', 'wood', 'water', 'night', 'sand', 'ice', 'farm'] as const
export type Land = (typeof LANDS)[number]

export interface DemoAnimal {
  /** Name of its drawing in @iconify-json/fluent-emoji-flat (MIT). */
  readonly art: string
  /** As the starter list has it. */
  readonly latin: string
  readonly land: Land
}

const TABLE = `
ant Formica rufa wood
badger Meles meles wood
bat Myotis myotis night
bear Ursus arctos wood
beaver Castor fiber water
honeybee Apis mellifera meadow
lady-beetle Coccinella septempunctata meadow
boar Sus scrofa wood
butterfly Aglais io meadow
cat Felis catus farm
rooster Gallus gallus farm
cow Bos taurus farm
cricket Gryllus campestris meadow
bird Erithacus rubecula meadow
deer Cervus elaphus wood
dog Canis familiaris farm
dolphin Delphinus delphis water
dove Columba livia farm
duck Anas platyrhynchos water
eagle Aquila chrysaetos ice
elephant Elephas maximus sand
ewe Ovis aries farm
flamingo Phoenicopterus roseus water
fly Musca domestica farm
fox Vulpes vulpes wood
frog Hyla arborea water
giraffe Giraffa camelopardalis sand
goat Capra hircus farm
goose Anser anser water
gorilla Gorilla gorilla wood
hedgehog Erinaceus europaeus meadow
hippopotamus Hippopotamus amphibius water
horse Equus caballus farm
jellyfish Aurelia aurita water
kangaroo Macropus giganteus sand
leopard Panthera pardus sand
lion Panthera leo sand
lizard Lacerta agilis sand
llama Lama glama farm
mouse Mus musculus farm
octopus Octopus vulgaris water
orangutan Pongo pygmaeus wood
otter Lutra lutra water
owl Strix aluco night
peacock Pavo cristatus farm
penguin Spheniscus humboldti ice
rabbit Oryctolagus cuniculus meadow
raccoon Procyon lotor night
seal Phoca vitulina ice
snail Helix pomatia meadow
snake Natrix natrix water
spider Araneus diadematus meadow
swan Cygnus olor water
tiger Panthera tigris wood
turtle Emys orbicularis water
wolf Canis lupus night
worm Lumbricus terrestris farm
zebra Equus quagga sand
crab Carcinus maenas sand
chipmunk Sciurus vulgaris wood
`

/** Animals of the demo that have a drawing. */
export const DEMO_ANIMALS: readonly DemoAnimal[] = TABLE.trim()
  .split('\n')
  .map((line) => {
    const [art = '', genus = '', epithet = '', land = ''] = line.split(' ')
    return { art, latin: `${genus} ${epithet}`, land: land as Land }
  })
