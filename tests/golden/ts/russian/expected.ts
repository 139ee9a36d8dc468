<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ru" sourcelanguage="en">
<context>
    <name>SeedBank</name>
    <message>
        <location filename="../bank.cpp" line="12"/>
        <source>The vault&apos;s door is open</source>
        <extracomment>Shown in the status bar. At most 40 characters.</extracomment>
        <translation>Дверь хранилища открыта</translation>
    </message>
    <message numerus="yes">
        <location filename="../bank.cpp" line="31"/>
        <source>%n packet(s) stored</source>
        <translation>
            <numerusform>Сохранён %n пакет</numerusform>
            <numerusform>Сохранено %n пакета</numerusform>
            <numerusform>Сохранено %n пакетов</numerusform>
        </translation>
    </message>
    <message>
        <source>Open</source>
        <comment>verb, on a button</comment>
        <translation>Открыть</translation>
    </message>
    <message>
        <source>Not yet translated</source>
        <translation type="unfinished">Not yet translated</translation>
    </message>
    <message>
        <source>Old label</source>
        <translation type="vanished">Старая подпись</translation>
    </message>
</context>
</TS>
