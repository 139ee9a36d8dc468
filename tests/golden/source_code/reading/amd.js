define(['app', 'text!./home.html', 'json!../texts/home.json', 'lodash'], function (app, template, texts, _) {
  app.config(['$routeProvider', function ($routeProvider) {
    $routeProvider.when('/home', { templateUrl: '/app/views/home.html', label: 'Home', resolveUser: true });
  }]);
  translationService.set('homeT', texts);
  app.directive('x', function () {
    return { template: `<p>{{ 'homeT.a' | translate }}</p>` };
  });
  $translate.instant(['one.key', 'two.key']);
  $translate('promised.key').then(show);
  i18n.global.t('global.key');
  var parts = t.identifier('x'), lodash = _('not a key'), plain = t('kept');
});
