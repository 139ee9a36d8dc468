<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" sourcelanguage="en">
<context>
    <name>SeedBank</name>
    <message>
        <location filename="../bank.cpp" line="12"/>
        <source>The vault&apos;s door is open</source>
        <extracomment>Shown in the status bar. At most 40 characters.</extracomment>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <location filename="../bank.cpp" line="31"/>
        <source>%n packet(s) stored</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Open</source>
        <comment>verb, on a button</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not yet translated</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Old label</source>
        <translation type="vanished">Старая подпись</translation>
    </message>
</context>
</TS>
