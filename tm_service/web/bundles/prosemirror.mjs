// What the editor of articles takes from ProseMirror, as one file; named one by one, so that nothing else comes along.
export { baseKeymap, chainCommands, exitCode, lift, setBlockType, toggleMark, wrapIn } from "prosemirror-commands";
export { history, redo, undo } from "prosemirror-history";
export { keymap } from "prosemirror-keymap";
export { DOMParser, Fragment, Schema } from "prosemirror-model";
export { liftListItem, sinkListItem, splitListItem, wrapInList } from "prosemirror-schema-list";
export { EditorState, NodeSelection, Plugin, PluginKey, TextSelection } from "prosemirror-state";
export { addColumn, addRow, goToNextCell, isInTable, removeColumn, removeRow, selectedRect, tableEditing, TableMap } from "prosemirror-tables";
export { Decoration, DecorationSet, EditorView } from "prosemirror-view";
