define(['⟪app⟫', '⟪text!./library view.html⟫', '⟪lodash⟫'], function (app, template, _) {
  '⟪use strict⟫';
  app.config(['⟪$routeProvider⟫', function ($routeProvider) {
    $routeProvider
      .when('⟪/library⟫', { templateUrl: '⟪/views/library.html⟫', label: '⟦Library⟧', controller: '⟪LibraryController⟫' })
      .when('⟪/library/loans⟫', { templateUrl: '⟪/views/loans.html⟫', label: '⟦Books on loan⟧', resolveUser: true })
      .otherwise({ redirectTo: '⟪/library⟫' });
  }]);
  app.directive('⟪bookList⟫', function () {
    return { restrict: '⟪E⟫', scope: { books: '⟪=⟫' }, template: '<h4>⟦Books on this shelf⟧</h4><p>{{ book.title }}</p><p class="⟪small grey⟫">⟦Ask at the desk⟧</p>' };
  });
  app.controller('⟪LibraryController⟫', ['⟪$scope⟫', '⟪$http⟫', function ($scope, $http) {
    $scope.message = '⟦Your books are due next week.⟧';
    $scope.status = '⟪loading books⟫'.split('⟪ ⟫')[0];
    $scope.filters = { q: '⟪schema_s:book AND year_i:[2000 TO *]⟫', sort: '⟪updated desc⟫', fl: '⟪id, title, year⟫' };
    $scope.help = '⟦Type the first letters of a name.⟧';
    $scope.$watch('⟪vm.query + vm.page⟫', refresh);
    $scope.$on('⟪book returned⟫', refresh);
    $scope.kind = '⟪reference⟫';
    $scope.texts = { heading: '⟦Reading room⟧', note: '⟦Silence, please⟧', icon: '⟪book open⟫', color: '⟪dark green⟫' };
    $http.get('⟪/api/books?sort=name asc⟫').then(function (answer) {
      if (answer.data.type == '⟪not found⟫') notify('⟦This book has been lent to somebody else.⟧');
      $log.debug('⟪Got the books of the shelf⟫');
      console.error('⟪Could not read the shelf⟫', answer);
      bootbox.confirm('⟦Return all books at once?⟧', function () {});
      swal({ title: '⟦Well done!⟧', text: '⟦All books are back on the shelf.⟧', type: '⟪success⟫', confirmButtonText: '⟦Go on⟧' });
      $('⟪.book-list > li⟫').attr('⟪data state⟫', '⟪is ready⟫').text('⟦Nothing on this shelf⟧');
      $('⟪#toc⟫').css('⟪font family⟫', '⟪Times New Roman, serif⟫');
      var line = '⟦There are ⟧' + answer.data.length + '⟪ books⟫';
      var html = '<b>⟦Late⟧</b>';
      el.innerHTML = '<p>⟦The shelf is empty.⟧</p>';
      el.placeholder = '⟦Title or author⟧';
      el.className = '⟪book late⟫';
      el.style.transition = '⟪opacity 1s linear⟫';
      moment(answer.date).format('⟪MMMM Do YYYY⟫');
      var parts = value.replace('⟪old shelf⟫', '⟪new shelf⟫');
      return '⟦Please wait while we look for the book.⟧';
    });
    throw new Error('⟪No shelf was given to the controller⟫');
  }]);
  var errors = { required: '⟦This field is required.⟧', email: '⟦Enter a valid address.⟧', code: '⟪E 404⟫' };
  var options = { month: '⟪long⟫', weekday: '⟪short⟫', contentType: '⟪text/html; charset=utf-8⟫', dateFormat: '⟪d M yy⟫' };
  var ua = navigator.userAgent.indexOf('⟪Mac OS X⟫') > 0;
  var keys = ['⟪Escape⟫', '⟪Enter⟫', '⟪ArrowLeft⟫'];
  if (event.key === '⟪Page Down⟫') next();
  switch (kind) { case '⟪big book⟫': break; }
});
