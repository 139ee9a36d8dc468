import { Component } from '⟪@angular/core⟫';
@Component({
  selector: '⟪app-admin⟫',
  template: `<h2>⟦Tools of the archive⟧</h2><button (click)="run('⟪clean up⟫')">⟦Clean up⟧</button><p *ngIf="busy">⟦This may take a while.⟧</p><a [routerLink]="['⟪/admin⟫', '⟪all logs⟫']">{{ '⟪admin.logs⟫' | translate }}</a>`,
  styles: ['⟪:host { display: block; color: dark red }⟫'],
})
export class AdminComponent {
  heading = '⟦Archive of the harbour⟧';
  private readonly channel = '⟪archive events⟫';
  readonly emptyMessage: string = '⟦Nothing has been archived.⟧';
  level: '⟪very high⟫' | '⟪very low⟫' = '⟪very low⟫';
  constructor(private http: HttpClient, private snack: MatSnackBar) {}
  run(tool: string): void {
    this.snack.open('⟦The tool has started.⟧', '⟦Dismiss⟧', { duration: 3000, panelClass: '⟪snack info⟫' });
    this.http.post<Answer>('⟪/api/tools⟫', { tool }, { headers: { Accept: '⟪application/json, text/plain⟫' } }).subscribe({
      next: (answer) => (this.status = answer.ok ? '⟦Finished without errors⟧' : '⟦Something went wrong⟧'),
      error: () => this.dialog.open(Alert, { data: { title: '⟦No answer⟧', body: '⟦The archive does not answer. Try again later.⟧' } }),
    });
    this.logger.debug('⟪Ran a tool of the archive⟫', tool);
    performance.mark('⟪tool started⟫');
    const key = ['⟪archive tool⟫', tool].join('⟪: ⟫');
    if (tool in this.tools && this.tools[tool].name !== '⟪never run⟫') document.body.classList.add('⟪is busy⟫');
    if (!window.confirm(`⟦Do you want to run ${tool}?⟧`)) return;
    Object.defineProperty(this, '⟪run twice⟫', { value: true });
  }
}
export const MENU = [
  { label: '⟦Daily tasks⟧', icon: '⟪event note⟫', children: [{ label: '⟦Check the shelves⟧', link: '⟪/shelves⟫' }] },
  { label: '⟦Reports⟧', icon: '⟪bar chart⟫', permission: '⟪read reports⟫', description: '⟦What was lent and lost⟧' },
];
export enum Shelf { Top = '⟪Top Shelf⟫', Low = '⟪Low Shelf⟫' }
describe('⟪the archive⟫', () => it('⟪does nothing by itself⟫', () => expect(1).toBe(1)));
