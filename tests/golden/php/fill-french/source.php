<?php
if (!defined('SEEDS')) exit;

# Heading
$lang['title'] = 'The seed bank';
$lang['menu']['open'] = "Open the shelf";
$lang['list'] = ['Beans', 'Peas', 7 => 'Maize', 'Wheat'];
$lang['code'] = 'SB-7';
