export default {
  resolve: { alias: { '@': path.resolve(__dirname, './src'), words: fileURLToPath(new URL('./words', import.meta.url)) } },
};
