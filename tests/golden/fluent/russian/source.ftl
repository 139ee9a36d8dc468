### The seed bank's reading room

-bank-name = Seed Bank

## Desk

# Said at the door.
# tm:maxlength=80
welcome = Welcome to { -bank-name }, { $name }!
packets =
    { $count ->
        [one] One packet is on your desk.
       *[other] { $count } packets are on your desk.
    }
rules =
    Wear gloves.

    Do not open { $count } packets at once.
search = Search
    .placeholder = Name of a plant
    .title = { "" }
