<?php

/*
 * Texts of the harbour
 */

return [
    // Button, at most 20 characters
    'moor' => 'Швартуйтесь здесь',
    'berths' => ':count свободный причал|:count свободных причала|:count свободных причалов', // in the list
    'empty' => '{0} Лодок нет|[1,*] Лодок: :count',
    'menu' => array(
        "path" => "C:\\гавань\t\$5",
        'quay' => 'Открыто: \'вход\' свободный',
    ),
    'notice' => <<<EOT
        Оплатите сбор.
        Держите «разрешение» на виду.
        EOT,
    'made' => 'Ship ' . 'list',
];
