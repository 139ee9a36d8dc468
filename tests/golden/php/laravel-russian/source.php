<?php

/*
 * Texts of the harbour
 */

return [
    // Button, at most 20 characters
    'moor' => 'Moor here',
    'berths' => ':count free berth|:count free berths', // in the list
    'empty' => '{0} No boats|[1,*] :count boats',
    'menu' => array(
        "path" => "C:\\harbour\t\$5",
        'quay' => 'It\'s open',
    ),
    'notice' => <<<EOT
        Please pay the fee.
        Keep the "permit" in sight.
        EOT,
    'made' => 'Ship ' . 'list',
];
