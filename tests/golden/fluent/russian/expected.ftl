### The seed bank's reading room

-bank-name = Банк семян

## Desk

# Said at the door.
# tm:maxlength=80
welcome = Добро пожаловать в { -bank-name }, { $name }!
packets =
    { $count ->
        [one] { $count } пакет лежит на вашем столе.
        [few] { $count } пакета лежат на вашем столе.
        [many] { $count } пакетов лежат на вашем столе.
       *[other] { $count } пакета лежит на вашем столе.
    }
rules =
    Наденьте перчатки.

    Не открывайте { $count } пакетов сразу.
search = Поиск
    .placeholder = Название растения
    .title = { "" }
