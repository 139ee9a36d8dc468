<?php
if (!defined('SEEDS')) exit;

# Heading
$lang['title'] = 'La banque de semences';
$lang['menu']['open'] = "Ouvrir l'étagère";
$lang['list'] = ['Haricots', 'Peas', 7 => 'Maïs', 'Blé d\'hiver'];
$lang['code'] = 'SB-7';
